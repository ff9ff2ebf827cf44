-- The same outputs as the measures of an edition, without privacy: tuned, no bounding, no weights.
-- Statements are separated by a line of dashes; bench_edition.py times them over the relation visit.
CREATE TEMP TABLE person_place AS
SELECT person_key, venue, min(event_day) AS first_day, count(*) AS visits
FROM visit GROUP BY person_key, venue;
--------
SELECT venue, count(*) FROM person_place GROUP BY venue;
--------
CREATE TEMP TABLE person AS
SELECT person_key, list((venue::UINTEGER << 16) | first_day::UINTEGER) AS items,
       sum(visits) AS visits
FROM person_place GROUP BY person_key;
--------
SELECT least(len(items), 5) AS places, count(*) FROM person GROUP BY 1;
--------
SELECT least(visits, 6) AS visits, count(*), sum(visits) FROM person GROUP BY 1;
--------
CREATE TEMP TABLE meeting AS
SELECT a, b, lags, count(*) AS persons
FROM (SELECT (x >> 16)::USMALLINT AS a, (y >> 16)::USMALLINT AS b,
             CASE WHEN lag BETWEEN 1 AND 30 THEN 0 WHEN lag BETWEEN 31 AND 90 THEN 1
                  WHEN lag BETWEEN 91 AND 365 THEN 2 ELSE 3 END AS lags
      FROM (SELECT x, y, (y & 65535)::INTEGER - (x & 65535)::INTEGER AS lag
            FROM (SELECT x, unnest(items) AS y
                  FROM (SELECT items, unnest(items) AS x FROM person WHERE len(items) > 1)))
      WHERE lag > 0 OR (lag = 0 AND x < y))
GROUP BY a, b, lags;
--------
SELECT least(a, b), greatest(a, b), sum(persons) FROM meeting GROUP BY 1, 2;
--------
SELECT a, b, lags, persons FROM meeting WHERE lags < 3;
--------
SELECT age, distance, discipline, bin, count(*)
FROM (SELECT DISTINCT person_key, age, distance, discipline,
             CASE WHEN lead_days < 4 THEN lead_days WHEN lead_days < 8 THEN 4
                  WHEN lead_days < 15 THEN 8 WHEN lead_days < 31 THEN 15
                  WHEN lead_days < 61 THEN 31 WHEN lead_days < 121 THEN 61
                  WHEN lead_days < 241 THEN 121 ELSE 241 END AS bin
      FROM visit WHERE lead_days >= 0 AND age < 5 AND distance < 5)
GROUP BY 1, 2, 3, 4;
--------
CREATE TEMP TABLE home AS
SELECT person_key, min(departement) AS departement FROM visit GROUP BY person_key;
--------
SELECT venue, departement, count(*) FROM person_place JOIN home USING (person_key) GROUP BY 1, 2;
