from . import client_template_notice
from . import account_move_send_wizard
from . import base_partner_merge
from . import identifier_takeover
from . import mail_compose_message
from . import mail_template_preview
from . import vat_change
