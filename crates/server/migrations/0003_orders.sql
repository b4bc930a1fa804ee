-- Orders, what becomes of them, and the mails about them.
--
-- What identifies a person stands in `customer`, `delivery`, `email` and `membership`,
-- and in the mails and notes about the order: erasing it leaves the accounts whole.
CREATE TABLE orders (
    -- What people read out: H27-7K3M-9QXD.
    reference TEXT PRIMARY KEY,
    -- SHA-256 of the token in the order's link, in hex: the database opens no
    -- order.
    token_digest TEXT NOT NULL UNIQUE,
    idempotency_key TEXT NOT NULL UNIQUE,
    -- A digest of the request with the key that the database does not have, in hex: the
    -- same idempotency key with another request is refused.
    request_digest TEXT NOT NULL,
    state TEXT NOT NULL,
    placed_at TEXT NOT NULL,
    locale TEXT NOT NULL CHECK (locale IN ('en', 'cy')),
    customer TEXT NOT NULL,
    delivery TEXT NOT NULL,
    payment TEXT NOT NULL,
    -- In lower case; empty once it was erased.
    email TEXT NOT NULL,
    -- The branch in lower case, which free materials are counted by.
    branch TEXT NOT NULL,
    purchase_order TEXT,
    -- Encrypted with a key that the database does not have.
    membership TEXT,
    price TEXT NOT NULL,
    total_pence BIGINT NOT NULL CHECK (total_pence >= 0)
);

CREATE INDEX orders_by_email ON orders (email);
CREATE INDEX orders_by_state ON orders (state, placed_at);
CREATE INDEX orders_by_purchase_order ON orders (purchase_order);
CREATE INDEX orders_by_branch ON orders (branch);

CREATE TABLE order_lines (
    reference TEXT NOT NULL REFERENCES orders (reference),
    position BIGINT NOT NULL,
    sku TEXT NOT NULL,
    product TEXT NOT NULL,
    quantity BIGINT NOT NULL CHECK (quantity > 0),
    dispatched BIGINT NOT NULL DEFAULT 0 CHECK (dispatched BETWEEN 0 AND quantity),
    returned BIGINT NOT NULL DEFAULT 0 CHECK (returned BETWEEN 0 AND dispatched),
    PRIMARY KEY (reference, position)
);

CREATE INDEX order_lines_by_product ON order_lines (product);

-- How many pieces a branch has ordered of each product that it may have only so
-- many of.
CREATE TABLE branch_pieces (
    branch TEXT NOT NULL,
    product TEXT NOT NULL,
    pieces BIGINT NOT NULL CHECK (pieces >= 0),
    PRIMARY KEY (branch, product)
);

-- Every move from one state to another, the first included.
CREATE TABLE order_moves (
    reference TEXT NOT NULL REFERENCES orders (reference),
    position BIGINT NOT NULL,
    at TEXT NOT NULL,
    -- Null for the first.
    from_state TEXT,
    to_state TEXT NOT NULL,
    note TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (reference, position)
);

-- Mails, written in the transaction of what they tell and sent after it. A row stays
-- until it was sent, however often that has to be tried.
CREATE TABLE mails (
    -- Also the left part of its Message-ID, the same on every try.
    id TEXT PRIMARY KEY,
    -- The order that it is about.
    reference TEXT NOT NULL REFERENCES orders (reference),
    -- What it tells: the name of a state, `link` or `code`.
    kind TEXT NOT NULL,
    recipient TEXT NOT NULL,
    subject TEXT NOT NULL,
    plain TEXT NOT NULL,
    html TEXT NOT NULL,
    -- Moments in whole seconds since 1970.
    made_at BIGINT NOT NULL,
    tries BIGINT NOT NULL DEFAULT 0,
    -- Null once it was sent, and once it was given up.
    next_try_at BIGINT,
    sent_at BIGINT,
    -- Why the last try failed.
    failure TEXT
);

CREATE INDEX mails_due ON mails (next_try_at);
CREATE INDEX mails_of_order ON mails (reference, kind, made_at);

-- Branches that may order much, with the officer who says yes to it.
CREATE TABLE branches (
    -- In lower case.
    branch TEXT PRIMARY KEY,
    officer_email TEXT NOT NULL
);

-- The code that approves an order which waits for its officer.
CREATE TABLE approvals (
    reference TEXT PRIMARY KEY REFERENCES orders (reference),
    -- A digest with the key that the database does not have.
    code_digest TEXT NOT NULL,
    -- How often a wrong one was typed.
    wrong BIGINT NOT NULL DEFAULT 0
);
