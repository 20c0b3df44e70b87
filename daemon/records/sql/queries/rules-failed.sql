-- es: Atenciones que no cumplen las reglas
-- en: Services that break the rules
-- Before the birth of the child, after its death, or in the future.
WITH service(type, _id, subject, date) AS (
    SELECT 'home_visit', _id, subject, date FROM home_visit
    UNION ALL SELECT 'cred_check', _id, subject, date FROM cred_check
    UNION ALL SELECT 'growth', _id, subject, date FROM growth
    UNION ALL SELECT 'vaccine', _id, subject, date FROM vaccine
    UNION ALL SELECT 'hb_test', _id, subject, date FROM hb_test
    UNION ALL SELECT 'supplement', _id, subject, date FROM supplement
)
SELECT s._id, s.type, s.date, c.birth_date, d.date AS death,
       CASE WHEN s.date < c.birth_date THEN 'before_birth'
            WHEN s.date > d.date THEN 'after_death'
            ELSE 'in_the_future' END AS rule
FROM service s
LEFT JOIN child c ON c._id = s.subject
LEFT JOIN death d ON d.subject = s.subject
WHERE s.date < c.birth_date OR s.date > d.date OR s.date > date('now', '+1 day')
ORDER BY rule, s.date
