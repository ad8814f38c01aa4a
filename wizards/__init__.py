from . import base_partner_merge
from . import base_partner_merge_access_link
from . import identifier_takeover
from . import vat_change
from . import statement_send
