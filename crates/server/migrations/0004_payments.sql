-- Payments by card, money that is given back, pieces that come back, what each order
-- has taken from the stock, and bundles.

-- Pages of the payment provider that orders are paid on.
CREATE TABLE card_sessions (
    -- The provider's name for the page.
    session TEXT PRIMARY KEY,
    reference TEXT NOT NULL REFERENCES orders (reference),
    url TEXT NOT NULL,
    -- In seconds since 1970.
    expires_at BIGINT NOT NULL,
    -- The provider's name for the payment; null until it is paid.
    payment TEXT
);

CREATE INDEX card_sessions_by_order ON card_sessions (reference);

CREATE TABLE refunds (
    -- Also the key under which the provider gives it back once.
    id TEXT PRIMARY KEY,
    reference TEXT NOT NULL REFERENCES orders (reference),
    pence BIGINT NOT NULL CHECK (pence > 0),
    -- The payment by card that it goes back to; null where it is given back by hand.
    payment TEXT,
    made_at BIGINT NOT NULL,
    -- Null until the provider has taken it.
    done_at BIGINT,
    -- 1 where it was paid though nothing was to be paid any more.
    surplus BIGINT NOT NULL DEFAULT 0
);

CREATE INDEX refunds_by_order ON refunds (reference);

-- What customers have said that they send back.
CREATE TABLE returns (
    reference TEXT NOT NULL REFERENCES orders (reference),
    position BIGINT NOT NULL,
    at BIGINT NOT NULL,
    pieces TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (reference, position)
);

ALTER TABLE order_lines ADD COLUMN announced BIGINT NOT NULL DEFAULT 0;
-- How many pieces of it money was given back for.
ALTER TABLE order_lines ADD COLUMN refunded BIGINT NOT NULL DEFAULT 0;

-- A bundle takes its parts, so this is not what stands in its lines.
CREATE TABLE order_stock (
    reference TEXT NOT NULL REFERENCES orders (reference),
    sku TEXT NOT NULL,
    quantity BIGINT NOT NULL CHECK (quantity > 0),
    PRIMARY KEY (reference, sku)
);

INSERT INTO order_stock (reference, sku, quantity) SELECT reference, sku, quantity FROM order_lines;

-- How many of it the largest bundle takes: of what bundles take many, a page tells
-- more stocks apart.
ALTER TABLE variants ADD COLUMN bundled BIGINT NOT NULL DEFAULT 1;
