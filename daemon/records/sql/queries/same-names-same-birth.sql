-- es: Posibles duplicados: mismos nombres y fecha de nacimiento
-- en: Possible duplicates: the same names and date of birth
-- Those who are linked count as one.
WITH named(_id, child, birth_date, ubigeo, names) AS (
    SELECT _id, _child, birth_date, ubigeo,
           unaccent(surname_1 || ' ' || coalesce(surname_2, '') || ' ' || given_names)
    FROM child WHERE state <> 'duplicate'
)
SELECT names, birth_date, count(DISTINCT child) AS children, group_concat(DISTINCT _id) AS ids,
       group_concat(DISTINCT ubigeo) AS districts
FROM named
GROUP BY names, birth_date
HAVING children > 1
ORDER BY children DESC, names
