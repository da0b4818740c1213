-- How many customers of each status there are: counting a million takes longer than a page of them.
-- The number of all stays with the account, where the version before goes on counting it.
CREATE TABLE customer_count (
    account_id  INTEGER NOT NULL REFERENCES account (id),
    status      TEXT NOT NULL,
    customers   INTEGER NOT NULL,
    PRIMARY KEY (account_id, status)
) STRICT, WITHOUT ROWID;

INSERT INTO customer_count (account_id, status, customers)
SELECT account_id, status, count(*) FROM customer GROUP BY account_id, status;
