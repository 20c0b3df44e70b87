-- es: Quién cambió qué
-- en: Who changed what
-- :since =
-- The newest version of each record. Without :since (a date): since yesterday.
WITH record(_id, type, _space, _node, _steward, _time) AS (
    SELECT _id, 'child', _space, _node, _steward, _time FROM child
    UNION ALL SELECT _id, 'person', _space, _node, _steward, _time FROM person
    UNION ALL SELECT _id, 'identifier', _space, _node, _steward, _time FROM identifier
    UNION ALL SELECT _id, 'guardian_link', _space, _node, _steward, _time FROM guardian_link
    UNION ALL SELECT _id, 'home_visit', _space, _node, _steward, _time FROM home_visit
    UNION ALL SELECT _id, 'cred_check', _space, _node, _steward, _time FROM cred_check
    UNION ALL SELECT _id, 'growth', _space, _node, _steward, _time FROM growth
    UNION ALL SELECT _id, 'vaccine', _space, _node, _steward, _time FROM vaccine
    UNION ALL SELECT _id, 'hb_test', _space, _node, _steward, _time FROM hb_test
    UNION ALL SELECT _id, 'supplement', _space, _node, _steward, _time FROM supplement
)
SELECT _time, _node, _steward, type, _id, _space
FROM record
WHERE _time >= coalesce(nullif(:since, ''), date('now', '-1 day'))
ORDER BY _time DESC
