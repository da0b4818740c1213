-- How many customers of each status there are: counting a million takes longer than a page of them.
-- The number of all stays with the account, where the version before goes on counting it.
-- In the order of whoever loads customers, who is waited for and counted.
LOCK TABLE account IN EXCLUSIVE MODE;
LOCK TABLE customer IN SHARE MODE;

CREATE TABLE customer_count (
    account_id  bigint NOT NULL REFERENCES account (id),
    status      text NOT NULL,
    customers   bigint NOT NULL,
    PRIMARY KEY (account_id, status)
);

INSERT INTO customer_count (account_id, status, customers)
SELECT account_id, status, count(*) FROM customer GROUP BY account_id, status;
