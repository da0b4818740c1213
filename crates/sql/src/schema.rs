//! The tables, as the migrations of both adapters make them.
#![expect(missing_docs, reason = "the columns say what they are, and their domain types more")]

diesel::table! {
    use diesel::sql_types::{BigInt, Bool, Nullable, Text};
    use crate::InstantSql;

    /// The tenants.
    account (id) {
        id -> BigInt,
        name -> Text,
        connected_account -> Nullable<Text>,
        requests_per_minute -> Nullable<BigInt>,
        requests_per_day -> Nullable<BigInt>,
        customers -> BigInt,
        makes_default -> Bool,
        mode -> Nullable<Text>,
        disabled_at -> Nullable<InstantSql>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Text};

    /// Secrets, sealed.
    sealed_secret (account_id, name) {
        account_id -> BigInt,
        name -> Text,
        master_key -> Text,
        key -> Binary,
        secret -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Nullable, Text};
    use crate::InstantSql;

    /// The API keys, without their secrets.
    api_key (account_id, id) {
        account_id -> BigInt,
        id -> BigInt,
        label -> Text,
        digest -> Binary,
        created_at -> InstantSql,
        revoked_at -> Nullable<InstantSql>,
        scopes -> Text,
        expires_at -> Nullable<InstantSql>,
        last_used_at -> Nullable<InstantSql>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Nullable, Text};
    use crate::InstantSql;

    /// The billing system's customers.
    customer (account_id, id) {
        account_id -> BigInt,
        id -> BigInt,
        first_name -> Nullable<Text>,
        middle_name -> Nullable<Text>,
        last_name -> Nullable<Text>,
        company_name -> Nullable<Text>,
        suffix -> Nullable<Text>,
        title -> Nullable<Text>,
        primary_email -> Nullable<Text>,
        primary_phone -> Nullable<Text>,
        secondary_email -> Nullable<Text>,
        secondary_phone -> Nullable<Text>,
        reference -> Nullable<Text>,
        currency -> Nullable<Text>,
        parent_id -> Nullable<BigInt>,
        status -> Text,
        standing -> Text,
        created_at -> InstantSql,
        updated_at -> InstantSql,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Bool, Nullable, SmallInt, Text};
    use crate::InstantSql;

    /// The cards and bank accounts of the customers.
    payment_method (account_id, id) {
        account_id -> BigInt,
        id -> BigInt,
        customer_id -> BigInt,
        external_customer_id -> Text,
        external_card_id -> Text,
        kind -> Text,
        brand -> Nullable<Text>,
        last_four -> Text,
        expiry_month -> Nullable<SmallInt>,
        expiry_year -> Nullable<SmallInt>,
        holder_name -> Text,
        address_line1 -> Nullable<Text>,
        address_line2 -> Nullable<Text>,
        city -> Nullable<Text>,
        state -> Nullable<Text>,
        postal_code -> Nullable<Text>,
        country -> Nullable<Text>,
        funding -> Nullable<Text>,
        issuer_country -> Nullable<Text>,
        fingerprint -> Nullable<Text>,
        transit_last_four -> Nullable<Text>,
        account_type -> Nullable<Text>,
        holder_type -> Nullable<Text>,
        bank_name -> Nullable<Text>,
        currency -> Nullable<Text>,
        verification -> Nullable<Text>,
        is_default -> Bool,
        created_at -> InstantSql,
        updated_at -> InstantSql,
        deleted_at -> Nullable<InstantSql>,
        deleted_by -> Nullable<BigInt>,
        deleted_by_job -> Nullable<BigInt>,
        brought_in_by_job -> Nullable<BigInt>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Integer, Nullable, Text};
    use crate::InstantSql;

    /// Replies kept under idempotency keys, and claims on such keys.
    idempotency_reply (account_id, key) {
        account_id -> BigInt,
        key -> Text,
        request_digest -> Binary,
        status -> Nullable<Integer>,
        body -> Nullable<Binary>,
        expires_at -> InstantSql,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Bool, Nullable, Text};
    use crate::InstantSql;

    /// The import jobs.
    import_job (account_id, id) {
        account_id -> BigInt,
        id -> BigInt,
        vault -> Text,
        cards -> Text,
        dry_run -> Bool,
        reading -> Text,
        state -> Text,
        halt -> Nullable<Text>,
        rows -> BigInt,
        settled -> BigInt,
        canary -> Nullable<BigInt>,
        vault_calls -> BigInt,
        lease_worker -> Nullable<Text>,
        lease_token -> BigInt,
        lease_until -> Nullable<InstantSql>,
        created_at -> InstantSql,
        started_at -> Nullable<InstantSql>,
        finished_at -> Nullable<InstantSql>,
        updated_at -> InstantSql,
    }
}

diesel::table! {
    /// How many results of each outcome a job has.
    import_tally (account_id, job_id, outcome) {
        account_id -> BigInt,
        job_id -> BigInt,
        outcome -> Text,
        count -> BigInt,
    }
}

diesel::table! {
    /// The rows of the jobs, and what became of them.
    import_row (account_id, job_id, line, part) {
        account_id -> BigInt,
        job_id -> BigInt,
        line -> BigInt,
        part -> Integer,
        customer_id -> Nullable<BigInt>,
        customer_as_given -> Nullable<Text>,
        external_customer_id -> Nullable<Text>,
        external_card_id -> Nullable<Text>,
        is_target -> Bool,
        outcome -> Nullable<Text>,
        field -> Nullable<Text>,
        detail -> Nullable<Text>,
        payment_method_id -> Nullable<BigInt>,
        undone -> Bool,
    }
}

diesel::table! {
    /// The pieces of the scans of the vault.
    import_scan_piece (account_id, job_id, id) {
        account_id -> BigInt,
        job_id -> BigInt,
        id -> Integer,
        from_second -> BigInt,
        to_second -> Nullable<BigInt>,
        after_customer -> Nullable<Text>,
        done -> Bool,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Text};
    use crate::InstantSql;

    /// What was changed, by whom.
    audit_batch (account_id, id) {
        account_id -> BigInt,
        id -> BigInt,
        at -> InstantSql,
        subjects -> Text,
        items -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary};

    /// Batches that wait to be chained.
    audit_waiting (id) {
        id -> BigInt,
        account_id -> BigInt,
        items_digest -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary};

    /// The chain of each account's batches.
    audit_link (account_id, position) {
        account_id -> BigInt,
        position -> BigInt,
        batch_id -> BigInt,
        seal -> Binary,
    }
}

diesel::joinable!(api_key -> account (account_id));
diesel::allow_tables_to_appear_in_same_query!(account, api_key, import_job);
diesel::allow_tables_to_appear_in_same_query!(customer, import_row);
diesel::allow_tables_to_appear_in_same_query!(audit_batch, audit_link, audit_waiting);
