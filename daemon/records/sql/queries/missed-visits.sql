-- es: Visitas planificadas y hechas en el mes
-- en: Visits planned and done in the month
-- :month =
-- Plans with fewer visits done than planned. Without :month: last month.
WITH asked(month) AS (
    SELECT coalesce(nullif(:month, ''), strftime('%Y-%m', 'now', 'start of month', '-1 month'))
)
SELECT p.member, p.programme, p.month, p.planned,
       (SELECT count(*) FROM home_visit v
        WHERE v._child = child_of(p.member) AND v.outcome = 'done' AND substr(v.date, 1, 7) = p.month) AS done
FROM visit_plan p, asked
WHERE p.month = asked.month AND done < p.planned
ORDER BY p.programme, done
