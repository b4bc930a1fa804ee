BEGIN;
INSERT INTO orders (reference, token_digest, idempotency_key, request_digest, state, placed_at, locale, customer, delivery, payment, email, branch, purchase_order, membership, price, total_pence) SELECT 'bare-' || :id, 'bare-' || :id, 'bare-' || :id, request_digest, state, placed_at, locale, customer, delivery, payment, email, branch, purchase_order, membership, price, total_pence FROM orders WHERE idempotency_key = 'key-of-the-model-order';
UPDATE variants SET stock = stock - 1 WHERE sku = 'HEART-BADGE-RED-EN' AND stock >= 1;
INSERT INTO order_stock (reference, sku, quantity) VALUES ('bare-' || :id, 'HEART-BADGE-RED-EN', 1);
INSERT INTO order_lines (reference, position, sku, product, quantity) VALUES ('bare-' || :id, 0, 'HEART-BADGE-RED-EN', 'heart-badge', 1);
INSERT INTO order_moves (reference, position, at, to_state) VALUES ('bare-' || :id, 0, '2026-11-22T12:00:00Z', 'awaiting-payment');
INSERT INTO mails (id, reference, kind, recipient, subject, plain, html, made_at) SELECT 'bare-' || :id, 'bare-' || :id, kind, recipient, subject, plain, html, made_at FROM mails WHERE reference = (SELECT reference FROM orders WHERE idempotency_key = 'key-of-the-model-order');
COMMIT;
