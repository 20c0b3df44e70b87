-- es: Posibles duplicados: mismos nombres y fecha de nacimiento
-- en: Possible duplicates: the same names and date of birth
WITH named(_id, birth_date, ubigeo, names) AS (
    SELECT _id, birth_date, ubigeo,
           unaccent(surname_1 || ' ' || coalesce(surname_2, '') || ' ' || given_names)
    FROM child WHERE state <> 'duplicate'
)
SELECT names, birth_date, count(DISTINCT _id) AS children, group_concat(DISTINCT _id) AS ids,
       group_concat(DISTINCT ubigeo) AS districts
FROM named
GROUP BY names, birth_date
HAVING count(DISTINCT _id) > 1
ORDER BY children DESC, names
