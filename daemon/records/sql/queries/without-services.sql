-- es: Niñas y niños activos sin ninguna atención
-- en: Active children without any service
-- :days = 90
-- :territory =
-- None in the last :days. :territory is the beginning of a ubigeo.
WITH served(child) AS (
    SELECT _child FROM home_visit WHERE date >= date('now', '-' || :days || ' days')
    UNION SELECT _child FROM cred_check WHERE date >= date('now', '-' || :days || ' days')
    UNION SELECT _child FROM newborn_check WHERE date >= date('now', '-' || :days || ' days')
    UNION SELECT _child FROM growth WHERE date >= date('now', '-' || :days || ' days')
    UNION SELECT _child FROM vaccine WHERE date >= date('now', '-' || :days || ' days')
    UNION SELECT _child FROM hb_test WHERE date >= date('now', '-' || :days || ' days')
    UNION SELECT _child FROM supplement WHERE date >= date('now', '-' || :days || ' days')
)
SELECT _id, surname_1, surname_2, given_names, birth_date, ubigeo, ubigeo_name(ubigeo) AS district
FROM child
WHERE state = 'active' AND age_months(birth_date) < 72 AND ubigeo LIKE :territory || '%'
  AND _child NOT IN (SELECT child FROM served WHERE child IS NOT NULL)
ORDER BY ubigeo, birth_date
