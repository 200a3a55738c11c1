\if :taken = 0
ROLLBACK;
