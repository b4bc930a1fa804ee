-- How many there are of each variant that can be ordered.
--
-- Everything else about a variant stands in its product's record. A content
-- file says how many there are at first; from then on the number moves by
-- itself, and loading the files again leaves it alone.
CREATE TABLE variants (
    sku TEXT PRIMARY KEY,
    stock BIGINT NOT NULL CHECK (stock >= 0),
    -- The version of the stock that changed what is shown of this variant.
    changed BIGINT NOT NULL
);

CREATE INDEX variants_by_change ON variants (changed);

-- Counts the changes of stock that a page shows; pages that show stock are
-- cached under it as well.
ALTER TABLE content_state ADD COLUMN stock_version BIGINT NOT NULL DEFAULT 0;
