-- es: Posibles repeticiones: la misma atención de la misma persona el mismo día
-- en: Possible repeats: the same service of the same person on the same day
WITH service(type, subject, date, what, _id) AS (
    SELECT 'vaccine', _child, date, antigen || ' ' || coalesce(dose, ''), _id FROM vaccine
    UNION ALL SELECT 'hb_test', _child, date, '', _id FROM hb_test
    UNION ALL SELECT 'cred_check', _child, date, '', _id FROM cred_check
    UNION ALL SELECT 'growth', _child, date, '', _id FROM growth
    UNION ALL SELECT 'home_visit', _child, date, programme, _id FROM home_visit
    UNION ALL SELECT 'supplement', _child, date, product, _id FROM supplement
)
SELECT type, subject, date, what, count(DISTINCT _id) AS records, group_concat(DISTINCT _id) AS ids
FROM service
GROUP BY type, subject, date, what
HAVING count(DISTINCT _id) > 1
ORDER BY date DESC
