from . import account_move
from . import account_move_send
from . import account_payment
from . import identifier
from . import res_config_settings
from . import res_currency
from . import res_partner
from . import sale_order
