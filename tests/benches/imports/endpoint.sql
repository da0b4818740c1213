-- The endpoint's three statements as the adapter sends them, one at a time: the key, the customer, and the
-- payment method, with which the audit trail is written. crates/postgres/src/stores/tests/sent.rs holds
-- them to what is sent.
\set customer random(:first, :last)
\set card random(1000000, 9999999)

SELECT "api_key"."id", "api_key"."account_id", "api_key"."label", "api_key"."digest", "api_key"."created_at", "api_key"."revoked_at", "api_key"."scopes", "api_key"."expires_at", "api_key"."last_used_at", "account"."id", "account"."name", "account"."connected_account", "account"."requests_per_minute", "account"."requests_per_day", "account"."makes_default", "account"."mode", "account"."disabled_at"
FROM ("api_key" INNER JOIN "account" ON ("api_key"."account_id" = "account"."id"))
WHERE ("api_key"."digest" = :digest) LIMIT :one;

SELECT there.account_id, there.id, there.first_name, there.middle_name, there.last_name,
    there.company_name, there.suffix, there.title, there.primary_email, there.primary_phone,
    there.secondary_email, there.secondary_phone, there.reference, there.currency, there.parent_id,
    there.status, there.standing, there.created_at, there.updated_at
FROM customer AS there WHERE there.account_id = :one AND there.id = :customer;

WITH inserted AS (
    INSERT INTO payment_method (
        created_at, updated_at, account_id, customer_id, kind, external_customer_id,
        external_card_id, brand, last_four, expiry_month, expiry_year, holder_name,
        address_line1, address_line2, city, state, postal_code, country, funding,
        issuer_country, fingerprint, transit_last_four, account_type, holder_type, bank_name,
        currency, verification, brought_in_by_job, is_default)
    VALUES (:at, :at, :one, :customer, :kind, 'cus_Synthetic'::text || :card::text,
            'card_Synthetic'::text || :card::text, :brand, :last_four, :month, :year, :holder,
            NULL, NULL, NULL, NULL, NULL, NULL, :funding,
            :country, :fingerprint, NULL, NULL, NULL, NULL,
            NULL, NULL, NULL, false)
    ON CONFLICT (account_id, customer_id, external_card_id) DO NOTHING
    RETURNING id
), told AS (
    INSERT INTO audit_batch (account_id, at, subjects, items)
    SELECT :one, :at, id::text, :item FROM inserted
    RETURNING account_id, id
), waiting AS (
    INSERT INTO audit_waiting (account_id, id, items_digest)
    SELECT account_id, id, :item_digest FROM told
)
SELECT id FROM inserted;
