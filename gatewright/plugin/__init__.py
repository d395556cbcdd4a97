"""What every Pulumi plugin written here shares: the protocol's edge and requests to Cloudflare.

    serving → edge → changes, values       api → connection, errors

It knows no type of resource and no function of Cloudflare's API.
"""
