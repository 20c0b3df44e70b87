-- es: Campos en conflicto, por tipo y campo
-- en: Contested fields, by type and field
WITH record(type, _contested) AS (
    SELECT 'child', _contested FROM child
    UNION ALL SELECT 'person', _contested FROM person
    UNION ALL SELECT 'identifier', _contested FROM identifier
    UNION ALL SELECT 'guardian_link', _contested FROM guardian_link
    UNION ALL SELECT 'household', _contested FROM household
    UNION ALL SELECT 'home_visit', _contested FROM home_visit
    UNION ALL SELECT 'cred_check', _contested FROM cred_check
    UNION ALL SELECT 'growth', _contested FROM growth
    UNION ALL SELECT 'vaccine', _contested FROM vaccine
    UNION ALL SELECT 'hb_test', _contested FROM hb_test
    UNION ALL SELECT 'supplement', _contested FROM supplement
)
SELECT record.type, value AS field, count(*) AS records
FROM record, json_each(members(_contested))
GROUP BY record.type, field
ORDER BY records DESC, record.type, field
