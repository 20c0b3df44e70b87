-- es: Niñas y niños sin la prueba de hemoglobina de los 6 meses
-- en: Children without the haemoglobin test of 6 months
-- :territory =
-- From 170 days of age on, under 12 months; `late` says that 209 days have passed. :territory is the beginning of a ubigeo.
SELECT c._id, c.surname_1, c.surname_2, c.given_names, c.birth_date, age_days(c.birth_date) AS days,
       age_days(c.birth_date) > 209 AS late, c.ubigeo, ubigeo_name(c.ubigeo) AS district
FROM child c
WHERE c.state = 'active' AND age_days(c.birth_date) >= 170 AND age_months(c.birth_date) < 12
  AND c.ubigeo LIKE :territory || '%'
  AND NOT EXISTS (SELECT 1 FROM hb_test h
                  WHERE h._child = c._child AND age_days(c.birth_date, h.date) >= 170)
ORDER BY days DESC
