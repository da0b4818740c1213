DROP TABLE idempotency_reply;
