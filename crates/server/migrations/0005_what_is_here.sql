-- What stands in order_stock has not left: a stock-take leaves it for its orders.
DELETE FROM order_stock WHERE reference IN (
    SELECT reference FROM orders WHERE state IN ('dispatched', 'delivered', 'returned', 'refunded', 'cancelled')
);

-- A mail that was sent is not kept: it has its order's link.
UPDATE mails SET plain = '', html = '' WHERE next_try_at IS NULL;

ALTER TABLE order_moves DROP COLUMN from_state;
