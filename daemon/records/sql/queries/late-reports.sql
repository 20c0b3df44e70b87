-- es: Quién informó tarde del mes
-- en: Who reported the month late
-- :month =
-- :day = 10
-- Records of that month that were written after :day of the next one. Without :month: last month.
WITH asked(month) AS (
    SELECT coalesce(nullif(:month, ''), strftime('%Y-%m', 'now', 'start of month', '-1 month'))
), due(month, day) AS (
    SELECT month, date(month || '-01', '+1 month', '+' || (:day - 1) || ' days') FROM asked
), written(_space, _node, date, _time) AS (
    SELECT _space, _node, date, _time FROM home_visit
    UNION ALL SELECT _space, _node, date, _time FROM cred_check
    UNION ALL SELECT _space, _node, date, _time FROM vaccine
    UNION ALL SELECT _space, _node, date, _time FROM hb_test
    UNION ALL SELECT _space, _node, date, _time FROM supplement
)
SELECT _space, _node, count(*) AS records, sum(substr(_time, 1, 10) > due.day) AS late,
       max(substr(_time, 1, 10)) AS last_written
FROM written, due
WHERE substr(written.date, 1, 7) = due.month
GROUP BY _space, _node
HAVING late > 0
ORDER BY late DESC
