-- es: Niñas y niños no encontrados en su casa
-- en: Children not found at home
-- :territory =
-- Those whose last home visit found nobody. :territory is the beginning of a ubigeo.
WITH visit(child, date, outcome, n) AS (
    SELECT _child, date, outcome, row_number() OVER (PARTITION BY _child ORDER BY date DESC)
    FROM home_visit
)
SELECT c._id, c.surname_1, c.surname_2, c.given_names, c.birth_date, c.address, c.ubigeo,
       v.date AS last_visit, v.outcome
FROM child c JOIN visit v ON v.child = c._child AND v.n = 1
WHERE v.outcome IN ('not_found', 'moved') AND c.ubigeo LIKE :territory || '%'
ORDER BY c.ubigeo, v.date
