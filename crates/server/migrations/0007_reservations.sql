-- Orders are held until somebody pays or approves them, and expire.

-- When an order that waits to be paid or approved expires, and when its customer is
-- reminded of that, in seconds since 1970. Null where nothing expires, and where no mail
-- is to be sent any more.
ALTER TABLE orders ADD COLUMN expires_at BIGINT;
ALTER TABLE orders ADD COLUMN remind_at BIGINT;

CREATE INDEX orders_by_expiry ON orders (expires_at);

-- What happened, where an entry of the history is more than a move: `expired`, or
-- `address-changed`, whose state may be the one before. Empty for all others.
ALTER TABLE order_moves ADD COLUMN event TEXT NOT NULL DEFAULT '';

-- `branch_pieces` also counts what a member has ordered, under `@` and their email address.

-- Addresses that have ordered something unpaid. Placing takes the row of its address, so
-- that orders that are placed at once count each other.
CREATE TABLE unpaid_addresses (
    email TEXT PRIMARY KEY
);

-- From which total on a branch's orders wait for its officer, as the officer has said.
ALTER TABLE branches ADD COLUMN approve_from_pence BIGINT NOT NULL DEFAULT 1;

-- How often the link to an order was replaced. The token in it is made of the reference and
-- this number.
ALTER TABLE orders ADD COLUMN link_version BIGINT NOT NULL DEFAULT 0;
