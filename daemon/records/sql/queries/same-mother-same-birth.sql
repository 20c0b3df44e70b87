-- es: Posibles duplicados: misma madre, nacidos con 3 días de diferencia a lo más
-- en: Possible duplicates: the same mother, born within 3 days
-- Twins and pairs that somebody decided about are left out.
WITH mother(child, person) AS (
    SELECT child, person FROM guardian_link WHERE role = 'mother'
)
SELECT a._id, b._id AS other, a.surname_1, a.given_names, b.given_names AS other_given_names,
       a.birth_date, b.birth_date AS other_birth_date
FROM mother m
JOIN mother n ON n.person = m.person AND n.child > m.child
JOIN child a ON a._id = m.child
JOIN child b ON b._id = n.child
WHERE abs(age_days(a.birth_date, b.birth_date)) <= 3 AND a.sex = b.sex
  AND coalesce(a.birth_order, 1) = coalesce(b.birth_order, 1)
  AND NOT EXISTS (SELECT 1 FROM link_decision d
                  WHERE d.verdict <> 'undecided'
                    AND ((d.a = a._id AND d.b = b._id) OR (d.a = b._id AND d.b = a._id)))
  AND a._child <> b._child
ORDER BY a.birth_date DESC
