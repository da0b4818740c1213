DROP TABLE payment_method;
