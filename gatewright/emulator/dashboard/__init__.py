"""A page to look at: what the gateways of the stand-in do, in a browser.

``app`` routes, ``overview``, ``gateway`` and ``log`` are the three kinds of pages,
``layout`` is what they share, ``html`` writes them. All is made on the server; the
script only fetches a page again, and without it the browser does.
"""
