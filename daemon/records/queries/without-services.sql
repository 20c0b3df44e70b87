-- es: Niñas y niños activos sin ninguna atención
-- en: Active children without any service
-- :days = 90
-- :territory =
-- None in the last :days. :territory is the beginning of a ubigeo.
WITH served(subject) AS (
    SELECT subject FROM home_visit WHERE date >= date('now', '-' || :days || ' days')
    UNION SELECT subject FROM cred_check WHERE date >= date('now', '-' || :days || ' days')
    UNION SELECT subject FROM newborn_check WHERE date >= date('now', '-' || :days || ' days')
    UNION SELECT subject FROM growth WHERE date >= date('now', '-' || :days || ' days')
    UNION SELECT subject FROM vaccine WHERE date >= date('now', '-' || :days || ' days')
    UNION SELECT subject FROM hb_test WHERE date >= date('now', '-' || :days || ' days')
    UNION SELECT subject FROM supplement WHERE date >= date('now', '-' || :days || ' days')
)
SELECT _id, surname_1, surname_2, given_names, birth_date, ubigeo, ubigeo_name(ubigeo) AS district
FROM child
WHERE state = 'active' AND age_months(birth_date) < 72 AND ubigeo LIKE :territory || '%'
  AND _id NOT IN (SELECT subject FROM served WHERE subject IS NOT NULL)
ORDER BY ubigeo, birth_date
