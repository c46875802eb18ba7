-- Which model gave the percentage that the list shows, so that an old one can be explained with its own numbers.
alter table signup add column duplicate_model integer;
