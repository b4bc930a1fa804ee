-- How much of a variant orders hold: `SELECT SUM(quantity) … FROM order_stock … WHERE sku = $1`,
-- for every variant of an unpaid or free order that is placed, and for a stock-take. The
-- primary key does not help, because it starts with the order.
CREATE INDEX order_stock_by_sku ON order_stock (sku);
