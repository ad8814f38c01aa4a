from . import base_partner_merge
from . import identifier_takeover
from . import mail_compose_message
from . import vat_change
