-- What a customer has is found by the index of its cards as well. This one took every import to a page
-- more, which in a large table is another one each time.
DROP INDEX payment_method_of_customer;
