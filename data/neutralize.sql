-- A copy for tests must let nobody in: links in mails were sent by the original.
UPDATE client_hub_access_link
   SET revoked_at = NOW() AT TIME ZONE 'UTC'
 WHERE revoked_at IS NULL;
