-- What QueuedPurchase sells ends here. PostgreSQL, and H2 in its PostgreSQL mode, take it as it stands.
CREATE TABLE purchase_order (
    item       VARCHAR(100) NOT NULL,
    request_id VARCHAR(100) NOT NULL,
    order_id   VARCHAR(50)  NOT NULL, -- the stream's id of the first message that brought this request
    buyer      VARCHAR(100) NOT NULL,
    quantity   BIGINT       NOT NULL CHECK (quantity > 0),
    status     VARCHAR(10)  NOT NULL, -- ACCEPTED, or REFUSED: then its units go back to the stock
    PRIMARY KEY (item, request_id)    -- a message may come twice; a second row cannot
);

CREATE TABLE closed_account (
    buyer VARCHAR(100) PRIMARY KEY
);
