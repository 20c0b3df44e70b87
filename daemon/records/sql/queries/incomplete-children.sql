-- es: Niñas y niños a quienes les falta un dato obligatorio
-- en: Children who lack something mandatory
-- :territory =
-- What the register asks for. :territory is the beginning of a ubigeo.
SELECT _id, surname_1, given_names, birth_date, ubigeo,
       surname_1 IS NULL OR given_names IS NULL AS no_name, birth_date IS NULL AS no_birth_date,
       sex IS NULL AS no_sex, address IS NULL AS no_address, ubigeo IS NULL AS no_district,
       NOT EXISTS (SELECT 1 FROM identifier i WHERE i._child = child._child) AS no_number
FROM child
WHERE state = 'active' AND coalesce(ubigeo, '') LIKE :territory || '%'
  AND (no_name OR no_birth_date OR no_sex OR no_address OR no_district OR no_number)
ORDER BY ubigeo, surname_1
