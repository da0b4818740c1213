//! The tables, as the migrations make them.

diesel::table! {
    account (id) {
        id -> BigInt,
        name -> Text,
    }
}

diesel::table! {
    api_key (id) {
        id -> BigInt,
        account_id -> BigInt,
        label -> Text,
        digest -> Binary,
        created_at -> TimestamptzSqlite,
        revoked_at -> Nullable<TimestamptzSqlite>,
    }
}

diesel::table! {
    customer (account_id, id) {
        account_id -> BigInt,
        id -> BigInt,
        first_name -> Nullable<Text>,
        last_name -> Nullable<Text>,
        company_name -> Nullable<Text>,
        primary_email -> Nullable<Text>,
        reference -> Nullable<Text>,
        created_at -> TimestamptzSqlite,
        updated_at -> TimestamptzSqlite,
    }
}

diesel::table! {
    payment_method (id) {
        id -> BigInt,
        account_id -> BigInt,
        customer_id -> BigInt,
        external_customer_id -> Text,
        external_card_id -> Text,
        brand -> Text,
        last_four -> Text,
        expiry_month -> SmallInt,
        expiry_year -> SmallInt,
        holder_name -> Text,
        address_line1 -> Nullable<Text>,
        address_line2 -> Nullable<Text>,
        city -> Nullable<Text>,
        state -> Nullable<Text>,
        postal_code -> Nullable<Text>,
        country -> Nullable<Text>,
        funding -> Text,
        issuer_country -> Nullable<Text>,
        fingerprint -> Nullable<Text>,
        is_default -> Bool,
        created_at -> TimestamptzSqlite,
        updated_at -> TimestamptzSqlite,
    }
}

diesel::table! {
    idempotency_reply (account_id, key) {
        account_id -> BigInt,
        key -> Text,
        request_digest -> Binary,
        status -> Nullable<Integer>,
        body -> Nullable<Binary>,
        expires_at -> TimestamptzSqlite,
    }
}
