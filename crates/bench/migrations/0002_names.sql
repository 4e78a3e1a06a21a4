-- The baseline's search: names, and words to look for in them.
CREATE TABLE bench_name (
    nth BIGINT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL
);
CREATE TABLE bench_word (
    nth BIGINT NOT NULL PRIMARY KEY,
    word TEXT NOT NULL
);
