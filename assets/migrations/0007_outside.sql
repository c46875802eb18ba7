-- A question may go by mail to the person outside whom the document is about; then this names them, asked_of is whoever
-- asked, and a colleague notes the answer when it comes.
alter table work_question add column outside text;
