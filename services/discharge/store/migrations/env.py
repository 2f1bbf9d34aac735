from services.discharge.store.tables import Base
from shared.store.migrate import run_env

run_env(Base.metadata)
