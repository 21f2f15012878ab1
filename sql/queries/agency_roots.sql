-- The agencies at the top, post offices left out.
SELECT code FROM agency
WHERE parent IS NULL AND level <> 'post_office'
  AND (valid_to IS NULL OR valid_to >= (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date)
ORDER BY code
