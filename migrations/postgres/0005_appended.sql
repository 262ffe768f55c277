-- Nothing to do here: PostgreSQL's tables stand in the order their rows came. SQLite's had to be brought to it.
SELECT 1;
