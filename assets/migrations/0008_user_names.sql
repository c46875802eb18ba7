-- User requests by user name within a status, page by page.
create index user_request_state_user_name on user_request (state, lower(user_name));
