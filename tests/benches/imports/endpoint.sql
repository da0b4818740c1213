-- The endpoint's three statements as the adapter sends them, one at a time.
\set customer random(:first, :last)
\set card random(1000000, 9999999)

SELECT "api_key"."id", "api_key"."account_id", "api_key"."label", "api_key"."digest", "api_key"."created_at", "api_key"."revoked_at", "account"."id", "account"."name", "account"."connected_account", "account"."requests_per_minute", "account"."requests_per_day"
FROM ("api_key" INNER JOIN "account" ON ("api_key"."account_id" = "account"."id"))
WHERE ("api_key"."digest" = :digest) LIMIT :one;

SELECT "customer"."account_id", "customer"."id", "customer"."first_name", "customer"."middle_name", "customer"."last_name", "customer"."company_name", "customer"."suffix", "customer"."title", "customer"."primary_email", "customer"."primary_phone", "customer"."secondary_email", "customer"."secondary_phone", "customer"."reference", "customer"."currency", "customer"."parent_id", "customer"."status", "customer"."standing", "customer"."created_at", "customer"."updated_at"
FROM "customer"
WHERE (("customer"."account_id" = :one) AND ("customer"."id" = :customer)) LIMIT :one;

INSERT INTO "payment_method" ("account_id", "customer_id", "kind", "external_customer_id", "external_card_id", "brand", "last_four", "expiry_month", "expiry_year", "holder_name", "address_line1", "address_line2", "city", "state", "postal_code", "country", "funding", "issuer_country", "fingerprint", "transit_last_four", "account_type", "holder_type", "bank_name", "currency", "verification", "is_default", "created_at", "updated_at")
VALUES (:one, :customer, :kind, 'cus_Synthetic'::text || :card::text, 'card_Synthetic'::text || :card::text, :brand, :last_four, :month, :year, :holder, NULL, NULL, NULL, NULL, NULL, NULL, :funding, :country, :fingerprint, NULL, NULL, NULL, NULL, NULL, NULL, :is_default, now(), now())
ON CONFLICT ("account_id", "customer_id", "external_card_id") DO NOTHING
RETURNING "payment_method"."id", "payment_method"."account_id", "payment_method"."customer_id", "payment_method"."kind", "payment_method"."external_customer_id", "payment_method"."external_card_id", "payment_method"."brand", "payment_method"."last_four", "payment_method"."expiry_month", "payment_method"."expiry_year", "payment_method"."holder_name", "payment_method"."address_line1", "payment_method"."address_line2", "payment_method"."city", "payment_method"."state", "payment_method"."postal_code", "payment_method"."country", "payment_method"."funding", "payment_method"."issuer_country", "payment_method"."fingerprint", "payment_method"."transit_last_four", "payment_method"."account_type", "payment_method"."holder_type", "payment_method"."bank_name", "payment_method"."currency", "payment_method"."verification", "payment_method"."is_default", "payment_method"."created_at", "payment_method"."updated_at", "payment_method"."deleted_at";
