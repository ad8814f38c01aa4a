from . import base_partner_merge
from . import identifier_takeover
from . import vat_change
from . import invoice_archive
