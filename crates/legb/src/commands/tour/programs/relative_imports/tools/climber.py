from ..settings import PREFIX
