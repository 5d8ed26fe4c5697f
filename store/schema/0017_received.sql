-- How many reviews a wall received lately decides how finely its log tells time.
create index reviews_received on reviews (brand, received);
