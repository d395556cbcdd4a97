"""Workers scripts: uploads, what is read back, versions, deployments, addresses."""
