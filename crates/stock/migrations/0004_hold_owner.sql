-- An owner's holds that are over, for who asks what became of them: the unique index knows only those that live.
CREATE INDEX stock_hold_owner_over ON stock_hold (owner, id) WHERE ended_at IS NOT NULL;
