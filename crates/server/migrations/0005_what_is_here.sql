-- What stands in order_stock has not left: a stock-take leaves it for its orders.
DELETE FROM order_stock WHERE reference IN (
    SELECT reference FROM orders WHERE state IN ('dispatched', 'delivered', 'returned', 'refunded', 'cancelled')
);

DELETE FROM order_stock WHERE EXISTS (
    SELECT 1 FROM order_lines JOIN orders ON orders.reference = order_lines.reference
    WHERE order_lines.reference = order_stock.reference AND order_lines.sku = order_stock.sku
    AND state = 'partly-dispatched' AND dispatched >= order_stock.quantity
);
UPDATE order_stock SET quantity = quantity - (
    SELECT dispatched FROM order_lines
    WHERE order_lines.reference = order_stock.reference AND order_lines.sku = order_stock.sku
) WHERE EXISTS (
    SELECT 1 FROM order_lines JOIN orders ON orders.reference = order_lines.reference
    WHERE order_lines.reference = order_stock.reference AND order_lines.sku = order_stock.sku
    AND state = 'partly-dispatched' AND dispatched > 0
);

-- A mail that was sent or given up is not kept: it has its order's link.
UPDATE mails SET plain = '', html = '' WHERE next_try_at IS NULL;

ALTER TABLE order_moves DROP COLUMN from_state;
