-- es: Valores fuera de lo plausible
-- en: Values out of what is plausible
-- Haemoglobin under 4 or over 20 g/dL; heights 20 mm or more under an earlier one.
WITH height(_id, subject, date, length_mm, earlier) AS (
    SELECT _id, subject, date, length_mm,
           max(length_mm) OVER (PARTITION BY _child ORDER BY date
                                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
    FROM growth WHERE length_mm IS NOT NULL
)
SELECT _id, 'hb_test' AS type, subject, date, hb AS value, NULL AS earlier
FROM hb_test WHERE hb < 4.0 OR hb > 20.0
UNION ALL
SELECT _id, 'growth', subject, date, length_mm, earlier FROM height WHERE length_mm <= earlier - 20
ORDER BY 4 DESC
