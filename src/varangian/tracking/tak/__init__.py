"""The TAK endpoint: what ATAK, iTAK, WinTAK and CloudTAK speak, inside the live process."""
