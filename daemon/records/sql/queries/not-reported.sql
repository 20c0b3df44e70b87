-- es: Quién no ha informado del mes
-- en: Who has not reported the month
-- :month =
-- A node that has written visits, check-ups, vaccines or tests in a space before, and none of that month. Without :month: last month.
WITH asked(month) AS (
    SELECT coalesce(nullif(:month, ''), strftime('%Y-%m', 'now', 'start of month', '-1 month'))
), written(_space, _node, month) AS (
    SELECT _space, _node, substr(date, 1, 7) FROM home_visit
    UNION ALL SELECT _space, _node, substr(date, 1, 7) FROM cred_check
    UNION ALL SELECT _space, _node, substr(date, 1, 7) FROM vaccine
    UNION ALL SELECT _space, _node, substr(date, 1, 7) FROM hb_test
    UNION ALL SELECT _space, _node, substr(date, 1, 7) FROM supplement
)
SELECT _space, _node, max(written.month) AS last_month, count(*) AS records
FROM written, asked
WHERE written.month <= asked.month
GROUP BY _space, _node
HAVING max(written.month) < asked.month
ORDER BY last_month, _space
