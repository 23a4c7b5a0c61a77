"""Open data of the Home Office, the ONS and data.police.uk."""
