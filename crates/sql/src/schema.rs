//! The tables, as the migrations of both adapters make them.
#![expect(missing_docs, reason = "the columns say what they are, and their domain types more")]

diesel::table! {
    use diesel::sql_types::{BigInt, Nullable, Text};
    use crate::InstantSql;

    /// The tenants.
    account (id) {
        id -> BigInt,
        name -> Text,
        connected_account -> Nullable<Text>,
        requests_per_minute -> Nullable<BigInt>,
        requests_per_day -> Nullable<BigInt>,
        customers -> BigInt,
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

diesel::joinable!(api_key -> account (account_id));
diesel::allow_tables_to_appear_in_same_query!(account, api_key);
